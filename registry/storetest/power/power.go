// Package power is a disk for tests whose power can be cut: a file system in
// memory, mounted by FUSE, that knows what was synced and what was only
// written. After the cut all that was synced is there; of the rest each write
// may be there, be torn at a sector, or be lost, and later ones may have
// survived earlier ones; names are there for certain only where their folder
// was synced.
package power

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

const sector = 512 // bytes that a disk writes whole or not at all

// Disk is a mounted one, empty or with a few files.
type Disk struct {
	Path string

	mu    sync.Mutex
	off   bool
	wrong syscall.Errno // what every write is answered with; 0 while it takes them
	deaf  bool          // syncing fails
	root  *folder
	syncs int
}

// Mount mounts a disk that holds files; it is gone when the test ends. The
// test skips, saying so, where FUSE cannot be had. Only other processes may use
// the disk: a program that maps a file of a file system that it serves itself
// can wait for itself.
func Mount(t *testing.T, files map[string][]byte) *Disk {
	t.Helper()
	d := &Disk{Path: t.TempDir()}
	d.root = newFolder(d)
	options := &fs.Options{MountOptions: fuse.MountOptions{DirectMount: true, FsName: "power", Name: "power"}}
	options.OnAdd = func(ctx context.Context) {
		for name, data := range files {
			f := &file{d: d, now: slices.Clone(data), safe: slices.Clone(data)}
			d.root.names[name], d.root.kept[name] = f, f
			d.root.AddChild(name, d.root.NewPersistentInode(ctx, f, fs.StableAttr{Mode: fuse.S_IFREG}), true)
		}
	}
	server, err := fs.Mount(d.Path, d.root, options)
	if err != nil {
		t.Skipf("SKIPPED: no file system can be mounted by FUSE here (%v); on Debian install fuse3 and run as root", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(d.Path, syscall.MNT_DETACH); err != nil {
			server.Unmount()
		}
	})
	return d
}

// Syncs is how often something was synced.
func (d *Disk) Syncs() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.syncs
}

// Refuse lets every write fail with an error (ENOSPC, EROFS), as a disk does that
// is full or was set read-only; 0 makes it take them again.
func (d *Disk) Refuse(with syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrong = with
}

// Deafen lets every sync fail (EIO).
func (d *Disk) Deafen() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.deaf = true
}

// Cut cuts the power, for good, and returns the files on the disk by their paths.
func (d *Disk) Cut(random *rand.Rand) map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.off = true
	out := map[string][]byte{}
	d.root.survived(random, "", out)
	return out
}

// survived adds what a power cut leaves of a folder.
func (r *folder) survived(random *rand.Rand, path string, out map[string][]byte) {
	names := maps.Clone(r.kept)
	for _, name := range slices.Sorted(maps.Keys(r.names)) { // a folder's changes may have reached the disk, or not
		if r.names[name] != names[name] && random.IntN(2) == 0 {
			names[name] = r.names[name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.kept)) {
		if r.names[name] == nil && random.IntN(2) == 0 {
			delete(names, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch one := names[name].(type) {
		case *file:
			out[path+name] = one.survived(random)
		case *folder:
			one.survived(random, path+name+"/", out)
		}
	}
}

// change is a write, or a new length where data is nil.
type change struct {
	at   int64
	data []byte
	size int64
}

func (c change) on(data []byte) []byte {
	if c.data == nil {
		return resized(data, c.size)
	}
	if end := c.at + int64(len(c.data)); end > int64(len(data)) {
		data = resized(data, end)
	}
	copy(data[c.at:], c.data)
	return data
}

func resized(data []byte, size int64) []byte {
	if size <= int64(len(data)) {
		return data[:size]
	}
	return append(data, make([]byte, size-int64(len(data)))...)
}

// file is one file: as it is read, as it is safe, and what lies between.
type file struct {
	fs.Inode
	d         *Disk
	now, safe []byte
	unsynced  []change
}

func (f *file) apply(c change) {
	f.now = c.on(f.now)
	f.unsynced = append(f.unsynced, c)
}

// survived is what a power cut leaves of the file.
func (f *file) survived(random *rand.Rand) []byte {
	data := slices.Clone(f.safe)
	luck := random.Float64()
	for _, c := range f.unsynced {
		switch {
		case c.data == nil:
			if random.Float64() < luck {
				data = c.on(data)
			}
		default:
			whole := random.Float64() < luck
			for from := 0; from < len(c.data); {
				n := min(sector-int(c.at+int64(from))%sector, len(c.data)-from)
				if whole || random.Float64() < luck/2 {
					data = change{at: c.at + int64(from), data: c.data[from : from+n]}.on(data)
				}
				from += n
			}
		}
	}
	return data
}

// locked runs an operation while there is power.
func (d *Disk) locked(fn func() syscall.Errno) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return syscall.EIO
	}
	return fn()
}

func (f *file) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, fuse.FOPEN_KEEP_CACHE, f.d.locked(func() syscall.Errno { return 0 })
}

func (f *file) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	return f.d.locked(func() syscall.Errno {
		out.Mode, out.Size = fuse.S_IFREG|0o600, uint64(len(f.now))
		return 0
	})
}

func (f *file) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	return f.d.locked(func() syscall.Errno {
		if size, ok := in.GetSize(); ok {
			if f.d.wrong != 0 && int64(size) > int64(len(f.now)) {
				return f.d.wrong
			}
			f.apply(change{size: int64(size)})
		}
		out.Mode, out.Size = fuse.S_IFREG|0o600, uint64(len(f.now))
		return 0
	})
}

func (f *file) Read(_ context.Context, _ fs.FileHandle, dest []byte, off int64) (r fuse.ReadResult, errno syscall.Errno) {
	errno = f.d.locked(func() syscall.Errno {
		n := 0
		if off < int64(len(f.now)) {
			n = copy(dest, f.now[off:])
		}
		r = fuse.ReadResultData(dest[:n])
		return 0
	})
	return r, errno
}

func (f *file) Write(_ context.Context, _ fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	return uint32(len(data)), f.d.locked(func() syscall.Errno {
		if f.d.wrong != 0 {
			return f.d.wrong
		}
		f.apply(change{at: off, data: slices.Clone(data)})
		return 0
	})
}

func (f *file) Flush(context.Context, fs.FileHandle) syscall.Errno { return 0 }

func (f *file) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return f.d.locked(func() syscall.Errno {
		if f.d.deaf {
			return syscall.EIO
		}
		for _, c := range f.unsynced {
			f.safe = c.on(f.safe)
		}
		f.unsynced = nil
		f.d.syncs++
		return 0
	})
}

// folder holds files and folders by their names.
type folder struct {
	fs.Inode
	d     *Disk
	names map[string]fs.InodeEmbedder // as programs see them
	kept  map[string]fs.InodeEmbedder // as they were when the folder was synced
}

func newFolder(d *Disk) *folder {
	return &folder{d: d, names: map[string]fs.InodeEmbedder{}, kept: map[string]fs.InodeEmbedder{}}
}

// changed runs a change of names; grows says that it takes room.
func (r *folder) changed(grows bool, fn func() syscall.Errno) syscall.Errno {
	return r.d.locked(func() syscall.Errno {
		if r.d.wrong != 0 && (grows || r.d.wrong == syscall.EROFS) {
			return r.d.wrong
		}
		return fn()
	})
}

func (r *folder) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	out.Mode = fuse.S_IFDIR | 0o700
	return 0
}

func (r *folder) Create(ctx context.Context, name string, _, _ uint32, out *fuse.EntryOut) (node *fs.Inode, _ fs.FileHandle, _ uint32, errno syscall.Errno) {
	errno = r.changed(true, func() syscall.Errno {
		f := &file{d: r.d}
		r.names[name] = f
		node = r.NewInode(ctx, f, fs.StableAttr{Mode: fuse.S_IFREG})
		out.Mode = fuse.S_IFREG | 0o600
		return 0
	})
	return node, nil, 0, errno
}

func (r *folder) Mkdir(ctx context.Context, name string, _ uint32, out *fuse.EntryOut) (node *fs.Inode, errno syscall.Errno) {
	errno = r.changed(true, func() syscall.Errno {
		inside := newFolder(r.d)
		r.names[name] = inside
		node = r.NewInode(ctx, inside, fs.StableAttr{Mode: fuse.S_IFDIR})
		out.Mode = fuse.S_IFDIR | 0o700
		return 0
	})
	return node, errno
}

func (r *folder) Unlink(_ context.Context, name string) syscall.Errno {
	return r.changed(false, func() syscall.Errno {
		delete(r.names, name)
		return 0
	})
}

func (r *folder) Rmdir(_ context.Context, name string) syscall.Errno {
	return r.changed(false, func() syscall.Errno {
		if inside, is := r.names[name].(*folder); is && len(inside.names) > 0 {
			return syscall.ENOTEMPTY
		}
		delete(r.names, name)
		return 0
	})
}

func (r *folder) Rename(_ context.Context, name string, to fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	return r.changed(false, func() syscall.Errno {
		into, is := to.(*folder)
		if flags != 0 || !is {
			return syscall.EINVAL
		}
		one := r.names[name]
		delete(r.names, name)
		into.names[newName] = one
		return 0
	})
}

// Fsync makes the names safe; what the files hold is their own affair.
func (r *folder) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return r.d.locked(func() syscall.Errno {
		if r.d.deaf {
			return syscall.EIO
		}
		r.kept = maps.Clone(r.names)
		r.d.syncs++
		return 0
	})
}

// Put writes what was on a disk into an ordinary folder.
func Put(t *testing.T, files map[string][]byte) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, data := range files {
		path := filepath.Join(folder, name)
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
