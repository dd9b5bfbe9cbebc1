package convert

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // so that image.DecodeConfig reads them
	"image/png"
	"math"
	"path"
	"strconv"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// Picture is a figure of a paper.
type Picture struct {
	Address       string // as the text names it
	Name          string // what it shows, for those who cannot see it
	Data          []byte // PNG, JPEG, or SVG
	Kind          string // png, jpg, svg
	Width, Height int    // in pixels of 1/96 inch
}

// Figures gives the bytes of a figure that is kept, by the name of its file
// (editor.FigureFile).
type Figures func(file string) ([]byte, error)

// Bounds of the pictures of one document.
const (
	maxPictures    = 64 << 20 // bytes of all
	maxPictureEdge = 20_000   // pixels that a size says
)

// newPicture reads how large a figure is. The pixels are not decoded: the
// registry did so before it kept the figure.
func newPicture(address, name string, data []byte) (*Picture, error) {
	p := &Picture{Address: address, Name: name, Data: data, Kind: strings.TrimPrefix(path.Ext(address), ".")}
	if p.Kind == "svg" {
		w, h, err := drawingSize(data)
		p.Width, p.Height = w, h
		return p, err
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	p.Width, p.Height = c.Width, c.Height
	if c.Width < 1 || c.Height < 1 || c.Width > maxPictureEdge || c.Height > maxPictureEdge {
		return nil, errors.New("too large, or of no size")
	}
	return p, nil
}

// What a drawing without a size is given: that of CSS 2, 10.3.2.
const (
	plainWidth  = 300
	plainHeight = 150
)

// drawingSize reads width and height off the first element of an SVG, or takes
// the proportions of its viewBox.
func drawingSize(data []byte) (width, height int, err error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err != nil {
			return 0, 0, fmt.Errorf("read drawing: %w", err)
		}
		root, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if root.Name.Local != "svg" {
			return 0, 0, errors.New("not a drawing")
		}
		var w, h, boxW, boxH float64
		for _, a := range root.Attr {
			switch a.Name.Local {
			case "width":
				w = pixelsOf(a.Value)
			case "height":
				h = pixelsOf(a.Value)
			case "viewBox":
				if n := strings.FieldsFunc(a.Value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' }); len(n) == 4 {
					boxW, boxH = pixelsOf(n[2]), pixelsOf(n[3])
				}
			}
		}
		if boxW == 0 || boxH == 0 {
			boxW, boxH = plainWidth, plainHeight
		}
		switch {
		case w == 0 && h == 0:
			w, h = boxW, boxH
		case w == 0:
			w = h * boxW / boxH
		case h == 0:
			h = w * boxH / boxW
		}
		return edge(w), edge(h), nil
	}
}

func edge(f float64) int { return int(math.Round(min(max(f, 1), maxPictureEdge))) }

// pixelsOf reads a length of SVG; 0 for a share of what is around, and for what
// is no length.
func pixelsOf(s string) float64 {
	s = strings.TrimSpace(s)
	scale := 1.0
	for unit, n := range map[string]float64{"px": 1, "pt": 96.0 / 72, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "em": 16} {
		if rest, ok := strings.CutSuffix(s, unit); ok {
			s, scale = rest, n
		}
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(f > 0) || f > maxPictureEdge {
		return 0
	}
	return f * scale
}

// instead is the picture that programs show which do not know SVG: a frame of
// the drawing's proportions that says so. We have no program that draws it with
// its Chinese words, and a drawing without words would mislead.
func instead(width, height int) ([]byte, error) {
	const longest = 640
	scale := float64(longest) / float64(max(width, height))
	w, h := max(int(float64(width)*scale), 8), max(int(float64(height)*scale), 8)
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.Gray{0x88}})
	grey := image.NewUniform(color.Gray{0x88})
	for _, side := range []image.Rectangle{image.Rect(0, 0, w, 2), image.Rect(0, h-2, w, h), image.Rect(0, 0, 2, h), image.Rect(w-2, 0, w, h)} {
		draw.Draw(m, side, grey, image.Point{}, draw.Src)
	}
	for i, line := range []string{"SVG drawing", "Word 2016 or later shows it"} {
		pen := font.Drawer{Dst: m, Src: grey, Face: basicfont.Face7x13}
		pen.Dot = fixed.P(max((w-pen.MeasureString(line).Ceil())/2, 4), h/2+i*16)
		pen.DrawString(line)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return b.Bytes(), nil
}
