package registry

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

const pngMark = "\x89PNG\r\n\x1a\n"

// pngChunks are the parts of a PNG file that its picture needs. Text, time, EXIF,
// colour profiles, animation and what programs note for themselves go.
var pngChunks = map[string]bool{
	"IHDR": true, "PLTE": true, "tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true, "sBIT": true, "pHYs": true, "IDAT": true, "IEND": true,
}

var errTorn = errors.New("the file ends before its picture does")

// barePNG leaves out of a PNG file what is not its picture, and what stands behind
// its end.
func barePNG(data []byte) ([]byte, error) {
	out := []byte(pngMark)
	for rest := data[len(pngMark):]; ; {
		if len(rest) < 12 {
			return nil, errTorn
		}
		n := uint64(binary.BigEndian.Uint32(rest))
		if n > uint64(len(rest)-12) {
			return nil, errTorn
		}
		chunk := rest[:n+12]
		kind := string(chunk[4:8])
		if crc32.ChecksumIEEE(chunk[4:n+8]) != binary.BigEndian.Uint32(chunk[n+8:]) {
			return nil, errors.New("a part of it is damaged")
		}
		if pngChunks[kind] {
			out = append(out, chunk...)
		}
		if kind == "IEND" {
			return out, nil
		}
		rest = rest[n+12:]
	}
}

// bareJPEG leaves out of a JPEG file its comments and the notes of cameras and
// programs (EXIF, XMP, colour profiles, thumbnails), and what stands behind its
// end; only which way up the picture is stays.
func bareJPEG(data []byte) ([]byte, error) {
	out := []byte{0xFF, 0xD8}
	turned := byte(1)
	var body []byte
	for at := 2; ; {
		if at+4 > len(data) || data[at] != 0xFF {
			return nil, errTorn
		}
		mark := data[at+1]
		if mark == 0xFF { // fill
			at++
			continue
		}
		if mark == 0xD9 {
			break
		}
		n := int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 2 || at+2+n > len(data) {
			return nil, errTorn
		}
		segment := data[at : at+2+n]
		at += 2 + n
		switch {
		case mark == 0xE1:
			if o := orientation(segment[4:]); o > 1 {
				turned = o
			}
		case mark == 0xE0 && bytes.HasPrefix(segment[4:], []byte("JFIF\x00")) && n >= 16:
			// The thumbnail that may follow the sixteen bytes goes.
			body = append(body, 0xFF, 0xE0, 0, 16)
			body = append(append(body, segment[4:16]...), 0, 0)
		case mark == 0xEE: // how its colours are to be read
			body = append(body, segment...)
		case mark >= 0xE0 && mark <= 0xEF || mark == 0xFE:
		default:
			body = append(body, segment...)
		}
		if mark != 0xDA {
			continue
		}
		end := at // the scan: up to a marker that is neither a stuffed byte nor a restart
		for ; end+1 < len(data); end++ {
			if data[end] == 0xFF && data[end+1] != 0 && (data[end+1] < 0xD0 || data[end+1] > 0xD7) {
				break
			}
		}
		body = append(body, data[at:end]...)
		if at = end; at+1 < len(data) && data[at+1] == 0xD9 {
			break
		}
	}
	if turned > 1 {
		out = append(out, exifTurned(turned)...)
	}
	return append(append(out, body...), 0xFF, 0xD9), nil
}

// orientation reads which way up a picture is from EXIF notes: 1 to 8; 0 where
// they do not say.
func orientation(notes []byte) byte {
	tiff, ok := bytes.CutPrefix(notes, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 0
	}
	for i := range int(order.Uint16(tiff[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > len(tiff) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if o := order.Uint16(tiff[entry+8:]); o >= 1 && o <= 8 {
				return byte(o)
			}
			return 0
		}
	}
	return 0
}

// exifTurned are EXIF notes that say which way up the picture is and nothing else.
func exifTurned(o byte) []byte {
	return append([]byte{0xFF, 0xE1, 0, 34}, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"+string(rune(o))+"\x00\x00\x00\x00\x00\x00"...)
}
