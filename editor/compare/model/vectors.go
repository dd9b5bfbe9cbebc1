package model

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// How vectors of words are learned.
const (
	window       = 6    // words to each side that are a word's company
	contextWords = 4000 // the most frequent words, of which company is counted
	smoothing    = 0.75 // of how frequent a context is: rare ones are believed less
	spare        = 20   // dimensions more than are kept, so that those are exact
	iterations   = 3    // of the power method
)

// association is one cell of a sparse matrix.
type association struct {
	column int32
	value  float32
}

// learnVectors gives every word of two and more characters the vector that the
// words around it make: positive pointwise mutual information, reduced by a
// randomised singular value decomposition with a fixed seed.
func (m *Model) learnVectors(articles [][]rune) {
	var rows []int // words that get a vector
	row := make([]int32, len(m.words))
	for w := range m.words {
		row[w] = -1
		if r := []rune(m.words[w].Text); len(r) > 1 {
			row[w] = int32(len(rows))
			rows = append(rows, w)
		}
	}
	matrix := m.associations(articles, row, len(rows))
	vectors := reduce(matrix, contextWords, Dimensions)
	for i, w := range rows {
		m.words[w].Vector = quantise(vectors[i])
	}
}

// associations counts the company that words keep and turns the counts into
// positive pointwise mutual information.
func (m *Model) associations(articles [][]rune, row []int32, rows int) [][]association {
	order := make([]int, 0, rows)
	for w, r := range row {
		if r >= 0 {
			order = append(order, w)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.words[b].count, m.words[a].count) })
	column := make([]int32, len(m.words))
	for w := range column {
		column[w] = -1
	}
	for i, w := range order[:min(len(order), contextWords)] {
		column[w] = int32(i)
	}
	counts := make([]float32, rows*contextWords)
	var cut []int32
	for _, symbols := range articles {
		cut = slices.DeleteFunc(m.Segment(symbols, cut[:0]), func(w int32) bool { return row[w] < 0 })
		for i, w := range cut {
			own := counts[int(row[w])*contextWords:][:contextWords]
			for j := max(0, i-window); j < min(len(cut), i+window+1); j++ {
				if c := column[cut[j]]; j != i && c >= 0 && cut[j] != w {
					own[c]++
				}
			}
		}
	}
	return informative(counts, rows)
}

func informative(counts []float32, rows int) [][]association {
	byRow, byColumn := make([]float64, rows), make([]float64, contextWords)
	for r := range rows {
		for c, n := range counts[r*contextWords:][:contextWords] {
			byRow[r] += float64(n)
			byColumn[c] += float64(n)
		}
	}
	smoothed := 0.0
	for c := range byColumn {
		byColumn[c] = math.Pow(byColumn[c], smoothing)
		smoothed += byColumn[c]
	}
	out := make([][]association, rows)
	for r := range rows {
		for c, n := range counts[r*contextWords:][:contextWords] {
			if n == 0 {
				continue
			}
			if v := math.Log(float64(n) * smoothed / (byRow[r] * byColumn[c])); v > 0 {
				out[r] = append(out[r], association{int32(c), float32(v)})
			}
		}
	}
	return out
}

// reduce gives each row the vector in few dimensions that keeps inner products
// best: rows of U·√Σ.
func reduce(matrix [][]association, columns, dimensions int) [][]float64 {
	k := dimensions + spare
	r := rand.New(rand.NewPCG(20200131, 7))
	right := make([][]float64, columns)
	for i := range right {
		right[i] = make([]float64, k)
		for j := range right[i] {
			right[i][j] = r.NormFloat64()
		}
	}
	var left [][]float64
	for range iterations {
		left = times(matrix, right, k)
		orthonormal(left, k)
		right = transposeTimes(matrix, left, columns, k)
	}
	// right = Mᵀ·left, so that M ≈ left·rightᵀ: its own directions come from rightᵀ·right.
	gram := make([][]float64, k)
	for i := range gram {
		gram[i] = make([]float64, k)
	}
	for _, row := range right {
		for i := range k {
			for j := range k {
				gram[i][j] += row[i] * row[j]
			}
		}
	}
	values, directions := eigen(gram)
	out := make([][]float64, len(matrix))
	for i, row := range left {
		out[i] = make([]float64, dimensions)
		for d := range dimensions {
			s := 0.0
			for j := range k {
				s += row[j] * directions[j][d]
			}
			out[i][d] = s * math.Pow(max(values[d], 0), 0.25) // √σ
		}
	}
	return out
}

func times(matrix [][]association, right [][]float64, k int) [][]float64 {
	out := make([][]float64, len(matrix))
	for i, row := range matrix {
		out[i] = make([]float64, k)
		for _, a := range row {
			v := float64(a.value)
			for j, x := range right[a.column] {
				out[i][j] += v * x
			}
		}
	}
	return out
}

func transposeTimes(matrix [][]association, left [][]float64, columns, k int) [][]float64 {
	out := make([][]float64, columns)
	for i := range out {
		out[i] = make([]float64, k)
	}
	for i, row := range matrix {
		for _, a := range row {
			v, to := float64(a.value), out[a.column]
			for j, x := range left[i] {
				to[j] += v * x
			}
		}
	}
	return out
}

// orthonormal makes the columns of a orthonormal (Gram–Schmidt, twice).
func orthonormal(a [][]float64, k int) {
	for j := range k {
		for range 2 {
			for i := range j {
				dot := 0.0
				for _, row := range a {
					dot += row[i] * row[j]
				}
				for _, row := range a {
					row[j] -= dot * row[i]
				}
			}
		}
		norm := 0.0
		for _, row := range a {
			norm += row[j] * row[j]
		}
		if norm = math.Sqrt(norm); norm > 1e-12 {
			for _, row := range a {
				row[j] /= norm
			}
		}
	}
}

// eigen gives the eigenvalues of a symmetric matrix, the largest first, and its
// eigenvectors as columns (Jacobi).
func eigen(a [][]float64) ([]float64, [][]float64) {
	n := len(a)
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
	}
	for range 30 {
		off := 0.0
		for p := range n {
			for q := p + 1; q < n; q++ {
				off += math.Abs(a[p][q])
				rotate(a, v, p, q)
			}
		}
		if off < 1e-9 {
			break
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(a[j][j], a[i][i]) })
	values, vectors := make([]float64, n), make([][]float64, n)
	for i := range vectors {
		vectors[i] = make([]float64, n)
	}
	for to, from := range order {
		values[to] = a[from][from]
		for i := range n {
			vectors[i][to] = v[i][from]
		}
	}
	return values, vectors
}

func rotate(a, v [][]float64, p, q int) {
	if math.Abs(a[p][q]) < 1e-14 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for i := range a {
		x, y := a[i][p], a[i][q]
		a[i][p], a[i][q] = c*x-s*y, s*x+c*y
	}
	for i := range a {
		x, y := a[p][i], a[q][i]
		a[p][i], a[q][i] = c*x-s*y, s*x+c*y
	}
	for i := range v {
		x, y := v[i][p], v[i][q]
		v[i][p], v[i][q] = c*x-s*y, s*x+c*y
	}
}

// quantise keeps the direction of a vector in bytes.
func quantise(v []float64) []int8 {
	largest := 0.0
	for _, x := range v {
		largest = math.Max(largest, math.Abs(x))
	}
	out := make([]int8, len(v))
	if largest > 0 {
		for i, x := range v {
			out[i] = int8(math.Round(x / largest * 127))
		}
	}
	return out
}
