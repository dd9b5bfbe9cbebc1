package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"tongbiao/editor"
)

// texts are kept whole under the SHA-256 of what they say, compressed by zstd.
// They are not JSON, so the table gives only the keys.
var texts = table[struct{}]{"text", "份正文"}

// encoder and decoder are shared: EncodeAll and DecodeAll may run at once.
var (
	encoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(false))
		if err != nil {
			panic(err) // only a wrong option does this
		}
		return e
	})
	decoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(editor.MaxBytes))
		if err != nil {
			panic(err)
		}
		return d
	})
)

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// putText keeps a text and returns its name: its SHA-256 in hex. A text that is
// kept already is not written again.
func putText(tx Tx, text []byte) (hash string, err error) {
	if len(text) > editor.MaxBytes {
		return "", refuse(Invalid, "source", "正文有 %d 字节，超过上限 %d：请分成几份。 The text has %d bytes, over the limit of %d: divide it.", len(text), editor.MaxBytes, len(text), editor.MaxBytes)
	}
	hash = hashOf(text)
	key := texts.key(hash)
	held, err := tx.Get(key)
	if err != nil || held != nil {
		return hash, err
	}
	return hash, tx.Put(key, encoder().EncodeAll(text, nil))
}

// getText reads a text and makes sure that it is the one that hash names. What
// is kept cannot make it take more than editor.MaxBytes of memory.
func getText(tx Tx, hash string) ([]byte, error) {
	packed, err := tx.Get(texts.key(hash))
	if err != nil {
		return nil, fmt.Errorf("text %s: %w", hash, err)
	}
	if packed == nil {
		return nil, refuse(NotFound, "", "没有这份正文：%s。 There is no such text.", hash)
	}
	text, err := decoder().DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("text %s: decompress: %w", hash, err)
	}
	if len(text) > editor.MaxBytes || hashOf(text) != hash {
		return nil, fmt.Errorf("text %s: is not what its name says", hash)
	}
	return text, nil
}
