package editor

import (
	"strings"
	"testing"
)

func TestReadStandardNumber(t *testing.T) {
	for line, want := range map[string]string{
		"GB/T 27917.1—2023":      "GB/T 27917.1—2023",
		"GB/T27917.1-2023":       "GB/T 27917.1—2023",
		"gbt 27917.1 2":          "GB/T 27917.1",
		"GB T 27917.1–2023 快递服务": "GB/T 27917.1—2023",
		"ＤＢ３１／Ｔ　３１０００３－２０２１": "DB31/T 310003—2021",
		"DB31T310003":          "DB31/T 310003",
		"DB31T310003-2021":     "DB31/T 310003—2021",
		"db31/t 310003 - 2021": "DB31/T 310003—2021",
		"DB3310/T 12-2020":     "DB3310/T 12—2020",
		"DB31310003—2021":      "DB31 310003—2021",
		"《快递封装用品》GB/T 16606.1—2018（现行）": "GB/T 16606.1—2018",
		"YZ/T 0133":          "YZ/T 0133",
		"YZT0133-2013":       "YZ/T 0133—2013",
		"GBZ 2.1-2019":       "GBZ 2.1—2019",
		"GB/Z 20156-2006":    "GB/Z 20156—2006",
		"GB 18180-89":        "GB 18180—1989",
		"T/CAS 100-2015":     "T/CAS 100—2015",
		"Q/SF 0001S-2020":    "Q/SF 0001S—2020",
		"ISO/IEC 27001:2013": "ISO/IEC 27001:2013",
		"DB31/T 示范001—2025":  "DB31/T 示范001—2025",
		"12. GB 43352\t包装":   "GB 43352",
		"A4 纸 5G":            "",
		"快递暂行条例":             "",
		"":                   "",
		"GB/T 1O757":         "",
		"电话 021-12345678":    "",
	} {
		n, ok := ReadStandardNumber(line)
		if got := map[bool]string{true: n.String()}[ok]; got != want {
			t.Errorf("%q is read as %q, want %q", line, got, want)
		}
	}
}

// TestNumberKeyKeepsItsForm: records are kept under it.
func TestNumberKeyKeepsItsForm(t *testing.T) {
	for number, want := range map[string]string{
		"DB31/T 310003—2021": "DB31/T310003-2021", "ＤＢ３１／Ｔ 310003 － 2021": "DB31/T310003-2021", "db31/t 示范001―2025": "DB31/T示范001-2025",
	} {
		if got := NumberKey(number); got != want {
			t.Errorf("the key of %q is %q, want %q", number, got, want)
		}
	}
}

func FuzzReadStandardNumber(f *testing.F) {
	for _, s := range []string{"GB/T27917.1-2023", "ＤＢ３１／Ｔ　３１０００３－２０２１", "DB31T310003", "T/CAS 100-2015", "GB/T 1.1.1.1.1-93", "ISO/IEC 27001:2013", "DB3310T12", "\xff GB 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		n, ok := ReadStandardNumber(line)
		if !ok {
			return
		}
		if again, ok := ReadStandardNumber(n.String()); !ok || again != n {
			t.Fatalf("%q is %q, which is read as %q (%v)", line, n, again, ok)
		}
		if spaced, ok := ReadStandardNumber(strings.ToLower(n.String())); !ok || spaced != n {
			t.Fatalf("%q in small letters is read as %q (%v)", n, spaced, ok)
		}
		if NumberKey(n.String()) != n.Key() && !strings.Contains(n.String(), ":") {
			t.Fatalf("the key of %q is %q, not %q", n, NumberKey(n.String()), n.Key())
		}
	})
}
