package compare

// pairIndex finds the pair of two provisions: in a table while that is small,
// by hash when it would not be.
type pairIndex struct {
	n     int
	table []int32 // place + 1; 0 is none
	large map[[2]int32]int32
}

const largestTable = 3000 // provisions

func newPairIndex(n int) *pairIndex {
	if n > largestTable {
		return &pairIndex{large: map[[2]int32]int32{}}
	}
	return &pairIndex{n: n, table: make([]int32, n*n)}
}

// of gives the place of the pair, -1 when it has none.
func (x *pairIndex) of(a, b int) int {
	if x.table == nil {
		return int(x.large[[2]int32{int32(a), int32(b)}]) - 1
	}
	return int(x.table[a*x.n+b]) - 1
}

func (x *pairIndex) set(a, b, place int) {
	if x.table == nil {
		x.large[[2]int32{int32(a), int32(b)}] = int32(place) + 1
		return
	}
	x.table[a*x.n+b] = int32(place) + 1
}

func indexPairs(pairs []pair, provisions int) *pairIndex {
	x := newPairIndex(provisions)
	for i, p := range pairs {
		x.set(p.a, p.b, i)
	}
	return x
}

// bits is a square of yes and no.
type bits struct {
	n    int
	word []uint64
}

func newBits(n int) bits { return bits{n, make([]uint64, (n*n+63)/64)} }

func (b bits) set(x, y int) { i := x*b.n + y; b.word[i/64] |= 1 << (i % 64) }

func (b bits) has(x, y int) bool { i := x*b.n + y; return b.word[i/64]&(1<<(i%64)) != 0 }
