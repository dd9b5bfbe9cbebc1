package editor

import "strings"

// PlainText takes the marks of Markdown off a text, for searching and comparing:
// bold, code, the bars of tables, escapes, IDs. A link leaves its words, a
// reference [](#id) leaves #id, an image its description, a formula its source.
// It takes linear time and does not need the text to be well formed.
func PlainText(markdown string) string {
	if !strings.ContainsAny(markdown, "\\`*[]|{$>") {
		return markdown
	}
	p := plainer{out: make([]byte, 0, len(markdown))}
	for i, l := range strings.Split(markdown, "\n") {
		if i > 0 {
			p.out = append(p.out, '\n')
		}
		p.line(l)
	}
	return strings.ReplaceAll(string(p.out), "\x00", "")
}

type plainer struct {
	out   []byte
	opens []int // places in out of brackets that may open a link; 0 bytes take their place
}

func (p *plainer) line(l string) {
	p.opens = p.opens[:0]
	t := trimSpace(l)
	if isDelimiterRow(t) {
		return
	}
	isRow := strings.HasPrefix(t, "|")
	if strings.HasSuffix(t, "}") {
		l, _ = cutID(l)
	}
	l = strings.TrimPrefix(l, "> ")
	for i := 0; i < len(l); i++ {
		switch b := l[i]; {
		case b == '\\' && i+1 < len(l) && isASCIIPunct(l[i+1]):
			i++
			p.out = append(p.out, l[i])
		case b == '`':
		case b == '*' && (i+1 < len(l) && l[i+1] == '*'):
			i++
		case b == '$' && i+1 < len(l) && l[i+1] == '$':
			i++
		case b == '!' && i+1 < len(l) && l[i+1] == '[':
		case b == '[':
			p.opens = append(p.opens, len(p.out))
			p.out = append(p.out, '[')
		case b == ']' && len(p.opens) > 0:
			i += p.closeBracket(l[i:]) - 1
		case b == '|' && isRow:
			p.out = append(p.out, ' ')
		default:
			p.out = append(p.out, b)
		}
	}
}

// closeBracket ends a pair of brackets: with an address after it they were a
// link. It returns how many bytes were read.
func (p *plainer) closeBracket(l string) int {
	const longest = 2048
	at := p.opens[len(p.opens)-1]
	p.opens = p.opens[:len(p.opens)-1]
	if !strings.HasPrefix(l, "](") {
		p.out = append(p.out, ']')
		return 1
	}
	end := strings.IndexByte(l[:min(len(l), longest)], ')')
	if end < 0 {
		p.out = append(p.out, ']')
		return 1
	}
	if at == len(p.out)-1 && strings.HasPrefix(l, "](#") {
		p.out = append(p.out, l[2:end]...)
	}
	p.out[at] = 0
	return end + 1
}

func isASCIIPunct(b byte) bool {
	return b >= '!' && b <= '/' || b >= ':' && b <= '@' || b >= '[' && b <= '`' || b >= '{' && b <= '~'
}
