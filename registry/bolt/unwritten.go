package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"tongbiao/registry"
)

// unwritten says what came of a commit that failed. Where the file could not
// take the bytes, nothing of the transaction is kept and the next may be tried:
// bbolt writes to free pages first and makes them valid last. Where the disk did
// not confirm what it was given, the system may have thrown away what it says is
// kept, so nothing is written any more until the file was opened anew and
// checked.
func (s *Store) unwritten(err error) error {
	what, english, again := cause(err)
	if again {
		return fmt.Errorf("%w (%s: %w)", &registry.Refusal{Kind: registry.Unavailable, Reason: fmt.Sprintf(
			"没有保存：%s。已保存的都在，可以继续查阅；请管理员处理后重试，不必重启。 "+
				"Not saved: %s. What was saved is there and can be read; once the operator has mended it try again, no restart is needed.", what, english)}, s.db.Path(), err)
	}
	stuck := fmt.Errorf("%w (%s: %w)", &registry.Refusal{Kind: registry.Unavailable, Reason: "没有保存：磁盘没有确认写入。已保存的可以继续查阅，但不再写入；请管理员检查磁盘，停止程序，运行 tongbiao check-store，再启动。 " +
		"Not saved: the disk did not confirm the write. What was saved can be read, nothing is written any more; check the disk, stop the program, run tongbiao check-store, start again."}, s.db.Path(), err)
	s.stuck.Store(&stuck)
	return stuck
}

// cause names the reasons for which a write is refused before anything is lost.
// bbolt gives the error of enlarging the file as words only.
func cause(err error) (chinese, english string, again bool) {
	is := func(errnos ...syscall.Errno) bool {
		var file *fs.PathError
		for _, e := range errnos {
			if errors.As(err, &file) && file.Op == "write" && errors.Is(file.Err, e) ||
				strings.HasPrefix(err.Error(), "file resize error") && strings.HasSuffix(err.Error(), e.Error()) {
				return true
			}
		}
		return false
	}
	switch {
	case is(syscall.ENOSPC, syscall.EDQUOT):
		return "磁盘已满或超过配额，请腾出空间", "the disk is full or over its quota; make room", true
	case is(syscall.EFBIG):
		return "文件超过系统允许的大小，请放宽限制（ulimit -f）", "the file is larger than the system allows; raise the limit (ulimit -f)", true
	case is(syscall.EROFS):
		return "磁盘被设为只读，请检查磁盘并重新挂载为可写", "the disk is read-only; check it and mount it writable again", true
	}
	return "", "", false
}
