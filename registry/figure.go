package registry

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	_ "image/jpeg" // so that image.Decode reads them
	_ "image/png"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"tongbiao/editor"
)

// Figure is a picture that texts show as ![图：题目](figures/<File>). It is named
// by what it is, so the same picture is kept once, and never changes.
type Figure struct {
	File     string    `json:"file"` // 16 hexadecimal digits of the SHA-256 of what is kept, and png, jpg or svg
	Standard string    `json:"standard"`
	Name     string    `json:"name"` // of the file as it was sent
	Bytes    int       `json:"bytes"`
	Width    int       `json:"width,omitempty"` // pixels; 0 for a drawing
	Height   int       `json:"height,omitempty"`
	Gone     []string  `json:"gone,omitempty"` // what was taken out of a drawing
	Author   string    `json:"author"`         // Member.ID of who sent it first
	Time     time.Time `json:"time"`
}

// Bounds of figures.
const (
	MaxFigure  = 2 << 20    // bytes of one
	maxPixels  = 40_000_000 // of one
	maxFigures = 2000       // that one member may bring
)

var (
	figures    = table[Figure]{"figure", "幅图"}
	figureData = table[[]byte]{"figure-data", "幅图的内容"} // by Figure.File
)

// Address is how a text names the figure.
func (f Figure) Address() string { return "figures/" + f.File }

// Markdown shows the figure as a block of a text; its caption is yet to be
// written.
func (f Figure) Markdown() string {
	title := strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name))
	title = strings.NewReplacer("[", "", "]", "", "\n", " ", "\r", " ", `\`, "").Replace(title)
	return "![图：" + title + "](" + f.Address() + "){#fig-" + f.File[:8] + "}"
}

// PutFigure keeps a picture for a standard that the actor may write, or of which
// the actor has a working copy. Only what shows is kept: notes that cameras and
// programs leave in PNG and JPEG files are taken off without touching a pixel,
// drawings are written anew by editor.CleanSVG. The same picture again is the one
// that is kept.
func (r *Registry) PutFigure(actor Member, standard, name string, data []byte) (Figure, error) {
	if err := r.store.View(func(tx Tx) error { return mayFigure(tx, actor, standard) }); err != nil {
		return Figure{}, err // before a pixel is read
	}
	f, clean, err := readFigure(name, data)
	if err != nil {
		return f, err
	}
	f.Standard, f.Author = standard, actor.ID
	err = r.update(actor, func(c *change) error {
		if err := mayFigure(c.Tx, actor, standard); err != nil {
			return err
		}
		kept, found, err := figures.find(c.Tx, f.File)
		if err != nil {
			return err
		}
		if found {
			was, err := figureData.get(c.Tx, f.File)
			if err == nil && !bytes.Equal(was, clean) {
				err = refuse(Conflict, "figure", "另一幅图已有这个名字：请略作改动后再传。 Another picture has this name: change it a little and send it again.")
			}
			f = kept
			return err
		}
		n := 0
		if err := figures.scan(c.Tx, func(k Figure) error {
			if k.Author == actor.ID {
				n++
			}
			return nil
		}); err != nil {
			return err
		}
		if n >= maxFigures {
			return refuse(Invalid, "figure", "您已上传 %d 幅图，不能再多。 You have sent %d pictures, which is the limit.", n, n)
		}
		f.Time = r.now().UTC().Truncate(time.Second)
		if err := figures.put(c, f, f.File); err != nil {
			return err
		}
		if err := figureData.put(c, clean, f.File); err != nil {
			return err
		}
		return c.log(PutFigure, "figures/"+f.File, map[string]any{"standard": standard, "name": f.Name, "bytes": f.Bytes})
	})
	return f, err
}

// mayFigure refuses who may not write a standard.
func mayFigure(tx Tx, actor Member, standard string) error {
	if _, err := workingAt(tx, actor, standard); err == nil || !Refused(err, NotFound) {
		if err != nil {
			return err
		}
		return May(actor, PutFigure, actor.Region)
	}
	s, err := standards.get(tx, standard)
	if err != nil {
		return err
	}
	return May(actor, PutFigure, s.Header.Regions...)
}

// Figure is a picture that is kept, with its bytes.
func (r *Registry) Figure(file string) (f Figure, data []byte, err error) {
	err = r.store.View(func(tx Tx) error {
		if f, err = figures.get(tx, file); err != nil {
			return err
		}
		if data, err = figureData.get(tx, file); err != nil {
			return err
		}
		if figureName(data, path.Ext(file)) != file {
			return errors.New("figure " + file + ": is not what its name says")
		}
		return nil
	})
	return f, data, err
}

// FigureData is the bytes of a picture that is kept, as convert.Figures asks for
// them.
func (r *Registry) FigureData(file string) ([]byte, error) {
	_, data, err := r.Figure(file)
	return data, err
}

func figureName(data []byte, ext string) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8]) + ext
}

// readFigure makes of a file what is kept.
func readFigure(name string, data []byte) (f Figure, clean []byte, err error) {
	if len(data) > MaxFigure {
		return f, nil, refuse(Invalid, "figure", "图有 %d 字节，最多 %d：请缩小后再传。 The picture has %d bytes, at most %d: make it smaller.", len(data), MaxFigure, len(data), MaxFigure)
	}
	f.Name = strings.ToValidUTF8(path.Base(strings.ReplaceAll(name, `\`, "/")), "")
	if r := []rune(f.Name); len(r) > maxLine {
		f.Name = string(r[len(r)-maxLine:])
	}
	unreadable := func(why error) error {
		return refuse(Invalid, "figure", "图读不出来：只收 PNG、JPEG 和 SVG（%v）。 The picture cannot be read: PNG, JPEG and SVG only (%v).", why, why)
	}
	ext := ""
	switch {
	case bytes.HasPrefix(data, []byte(pngMark)):
		ext, clean, err = ".png", nil, nil
		clean, err = barePNG(data)
	case bytes.HasPrefix(data, []byte{0xFF, 0xD8}):
		ext = ".jpg"
		clean, err = bareJPEG(data)
	default:
		ext = ".svg"
		clean, f.Gone, err = editor.CleanSVG(bytes.TrimPrefix(data, []byte("\ufeff")))
	}
	if err == nil && ext != ".svg" {
		f.Width, f.Height, err = pixels(clean)
	}
	if err == nil && len(clean) > MaxFigure {
		err = errors.New("too large when written anew")
	}
	if err != nil {
		return f, nil, unreadable(err)
	}
	f.File, f.Bytes = figureName(clean, ext), len(clean)
	return f, clean, nil
}

// decoding lets one picture be decoded at a time: each may take some hundred
// megabytes of memory.
var decoding sync.Mutex

// pixels decodes what is to be kept, whole: what a decoder refuses no browser is
// given. The size is known before the pixels are read.
func pixels(data []byte) (width, height int, err error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0, 0, err
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
		return 0, 0, errors.New("too many pixels, or none")
	}
	decoding.Lock()
	defer decoding.Unlock()
	_, _, err = image.Decode(bytes.NewReader(data))
	return c.Width, c.Height, err
}

// Figures are the pictures that were sent for a standard, the newest first.
func (r *Registry) Figures(standard string) (list []Figure, err error) {
	err = r.store.View(func(tx Tx) error {
		return figures.scan(tx, func(f Figure) error {
			if f.Standard == standard {
				list = append(list, f)
			}
			return nil
		})
	})
	slices.SortFunc(list, func(a, b Figure) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.File, b.File)) })
	return list, err
}
