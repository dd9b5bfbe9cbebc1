package registry_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"tongbiao/editor"
	"tongbiao/registry"
)

// picture is a small one with something to see.
func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 20, 10))
	for x := range 20 {
		m.Set(x, x/2, color.RGBA{uint8(x * 12), 90, 200, 255})
	}
	return m
}

func pngOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// jpegOf is a JPEG with the notes of a camera: a place, and that it is turned.
func jpegOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00GPS 31.23,121.47"
	segment := append([]byte{0xFF, 0xE1, 0, byte(len(exif) + 2)}, exif...)
	segment = append(segment, "\xFF\xFE\x00\x08secret"...)
	return append(append([]byte{0xFF, 0xD8}, segment...), append(b.Bytes()[2:], "behind the end"...)...)
}

// chunk is a part of a PNG file.
func chunk(kind, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// noted puts a text chunk behind the head of a PNG file, and more behind its end.
func noted(file []byte) []byte {
	out := append([]byte{}, file[:33]...)
	out = append(out, chunk("tEXt", "Author\x00secret")...)
	return append(append(out, file[33:]...), "behind the end"...)
}

func TestFiguresKeepOnlyThePicture(t *testing.T) {
	reg, _ := desk(t)
	for name, data := range map[string][]byte{"流程.png": noted(pngOf(t)), "现场.jpg": jpegOf(t)} {
		f, err := reg.PutFigure(shanghai, "sh-express", name, data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, kept, err := reg.Figure(f.File)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"secret", "GPS", "behind"} {
			if bytes.Contains(kept, []byte(words)) {
				t.Errorf("%s keeps %q", name, words)
			}
		}
		if f.Width != 20 || f.Height != 10 || f.Name != name {
			t.Errorf("%+v", f)
		}
		was, _, err := image.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		is, _, err := image.Decode(bytes.NewReader(kept))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 200 {
			if was.At(i%20, i/20) != is.At(i%20, i/20) {
				t.Fatalf("%s: a pixel changed", name)
			}
		}
		if strings.HasSuffix(name, "jpg") && !bytes.Contains(kept, []byte("\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06")) {
			t.Error("which way up the picture is got lost")
		}
		again, err := reg.PutFigure(shanghai, "sh-express", "同一幅.png", data)
		if err != nil || again.File != f.File || again.Name != name {
			t.Errorf("the same picture again is %+v; %v", again, err)
		}
	}
}

func TestFigureInAText(t *testing.T) {
	reg, w := desk(t)
	f, err := reg.PutFigure(shanghai, "sh-express", "a[b].svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>1</script><path d="M0 0h1" onclick="x"/></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Gone) != 2 || !strings.HasPrefix(f.Markdown(), "![图：ab](figures/") {
		t.Errorf("%+v %s", f, f.Markdown())
	}
	unused := func() (n int) {
		if err := reg.Verify(func(x registry.Fault) {
			if strings.HasPrefix(x.Where, "figure/") && strings.Contains(x.What, "没有文本用到") {
				if n++; !x.Repairable {
					t.Errorf("%+v", x)
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if unused() != 1 {
		t.Error("a picture that nobody uses is not named")
	}
	w, err = reg.SaveWorking(shanghai, w.Standard, w.Version, append(w.Source, "\n"+f.Markdown()+"\n"...))
	if err != nil || unused() != 0 {
		t.Errorf("a picture of a working copy counts as unused; %v", err)
	}
	doc, _, err := editor.Parse(w.Source)
	if err != nil {
		t.Fatal(err)
	}
	if html := editor.Render(doc, editor.RenderOptions{}); !strings.Contains(html, `<img src="/figures/`+f.File+`" alt="ab"><figcaption>`) {
		t.Errorf("shown as %s", html)
	}
}

func TestFiguresRefused(t *testing.T) {
	reg, _ := desk(t)
	good := pngOf(t)
	huge := append([]byte{}, good[:8]...)
	huge = append(huge, chunk("IHDR", "\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00")...)
	huge = append(append(huge, chunk("IDAT", "x")...), chunk("IEND", "")...)
	for name, data := range map[string][]byte{
		"nothing": nil, "a page": []byte("<html><script>1</script></html>"), "half": good[:len(good)/2], "damaged": bytes.Replace(good, []byte("IDAT"), []byte("IDAU"), 1),
		"65,536 squared": huge, "too large": append(append([]byte{}, good...), make([]byte, registry.MaxFigure)...), "a gif": []byte("GIF89a"), "half a jpeg": jpegOf(t)[:200],
	} {
		if _, err := reg.PutFigure(shanghai, "sh-express", "x.png", data); !registry.Refused(err, registry.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, m := range []registry.Member{reader, jiangsu, {}} {
		_, err := reg.PutFigure(m, "sh-express", "x.png", good)
		refused(t, err, registry.Forbidden)
	}
	_, err := reg.PutFigure(shanghai, "nowhere", "x.png", good)
	refused(t, err, registry.NotFound)
	_, _, err = reg.Figure("0000000000000000.png")
	refused(t, err, registry.NotFound)
}

// Whatever is sent: it is refused, or what is kept is a picture that says the same
// when it is sent again.
func FuzzFigure(f *testing.F) {
	f.Add(pngOf(f))
	f.Add(noted(pngOf(f)))
	f.Add(jpegOf(f))
	f.Add([]byte("<svg><path d='M0'/></svg>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, clean, err := registry.ReadFigure("x", data)
		if err != nil {
			return
		}
		again, same, err := registry.ReadFigure("x", clean)
		if err != nil || again.File != file.File || !bytes.Equal(same, clean) {
			t.Errorf("%s again is %s: %v", file.File, again.File, err)
		}
	})
}
