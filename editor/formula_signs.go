package editor

import "strings"

// mathElements are the elements that MathML writes.
var mathElements = setOf(`math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd`)

// texSign is a command that stands for one sign.
type texSign struct{ element, text string }

// texSymbols are the commands that stand for one sign.
var texSymbols = func() map[string]texSign {
	m := map[string]texSign{}
	add := func(element, list string) {
		words := strings.Fields(list)
		for i := 0; i < len(words); i += 2 {
			m[words[i]] = texSign{element, words[i+1]}
		}
	}
	add("mi", `alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
		xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
		Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
		infty ∞ partial ∂ nabla ∇ hbar ℏ ell ℓ emptyset ∅ varnothing ∅ aleph ℵ Re ℜ Im ℑ`)
	add("mo", `times × div ÷ pm ± mp ∓ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet ∙ le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠
		approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ ll ≪ gg ≫ lt < gt > in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇
		cup ∪ cap ∩ setminus ∖ land ∧ wedge ∧ lor ∨ vee ∨ neg ¬ lnot ¬ forall ∀ exists ∃ to → rightarrow → leftarrow ← Rightarrow ⇒
		Leftarrow ⇐ leftrightarrow ↔ Leftrightarrow ⇔ iff ⇔ implies ⇒ mapsto ↦ uparrow ↑ downarrow ↓ perp ⊥ parallel ∥ mid ∣ angle ∠
		triangle △ oplus ⊕ otimes ⊗ odot ⊙ ldots … cdots ⋯ dots … vdots ⋮ ddots ⋱ prime ′ degree ° therefore ∴ because ∵
		sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉
		vert | Vert ‖ lvert | rvert | lVert ‖ rVert ‖ colon : backslash \ permil ‰`)
	for _, c := range "%&#$_{}|" {
		m[string(c)] = texSign{"mo", string(c)}
	}
	m["|"] = texSign{"mo", "‖"}
	m["%"] = texSign{"mi", "%"}
	return m
}()

// texLimits take what stands below and above them there, not beside.
var texLimits = setOf(`\sum \prod \coprod \bigcup \bigcap \lim \max \min \sup \inf \limsup \liminf \arg`)

// texFunctions are names that stand upright.
var texFunctions = setOf(`sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim max min sup inf det dim gcd deg arg ker limsup liminf Pr`)

// texSpaces in ems.
var texSpaces = map[string]string{
	",": "0.17em", ":": "0.22em", ";": "0.28em", "!": "0em", " ": "0.33em", "quad": "1em", "qquad": "2em", "enspace": "0.5em", "thinspace": "0.17em",
}

// texAccents stand over or under one thing.
var texAccents = map[string]struct {
	text  string
	below bool
}{
	"bar": {"‾", false}, "overline": {"‾", false}, "hat": {"^", false}, "widehat": {"^", false}, "vec": {"→", false}, "dot": {"˙", false},
	"ddot": {"¨", false}, "tilde": {"~", false}, "widetilde": {"~", false}, "underline": {"_", true}, "overrightarrow": {"→", false},
	"underbrace": {"⏟", true}, "overbrace": {"⏞", false},
}

// texFonts say how words are set; the mathvariant of MathML, or mtext.
var texFonts = map[string]string{
	"text": "mtext", "textrm": "mtext", "mbox": "mtext", "mathrm": "normal", "rm": "normal", "operatorname": "normal", "textbf": "mtext",
	"mathbf": "bold", "boldsymbol": "bold", "mathit": "italic", "mathsf": "sans-serif", "mathtt": "monospace", "mathbb": "double-struck", "mathcal": "script",
	"unit": "normal", "textit": "mtext",
}

// texWords are the escapes within words.
var texWords = strings.NewReplacer(`\%`, "%", `\&`, "&", `\#`, "#", `\$`, "$", `\_`, "_", `\{`, "{", `\}`, "}", `\ `, " ", `\,`, "\u2009", `\;`, " ", "{", "", "}", "", "\n", " ")

// texDelimiters are the brackets of \left and \right.
var texDelimiters = map[string]string{
	"(": "(", ")": ")", "[": "[", "]": "]", `\{`: "{", `\}`: "}", "|": "|", `\|`: "‖", ".": "", "/": "/", "<": "⟨", ">": "⟩",
	`\langle`: "⟨", `\rangle`: "⟩", `\lfloor`: "⌊", `\rfloor`: "⌋", `\lceil`: "⌈", `\rceil`: "⌉", `\vert`: "|", `\Vert`: "‖",
}

// texEnvironments are tables with what stands before and behind them.
var texEnvironments = map[string][2]string{
	"matrix": {}, "array": {}, "aligned": {}, "align": {}, "align*": {}, "split": {}, "gathered": {}, "smallmatrix": {},
	"pmatrix": {"(", ")"}, "bmatrix": {"[", "]"}, "Bmatrix": {"{", "}"}, "vmatrix": {"|", "|"}, "Vmatrix": {"‖", "‖"}, "cases": {"{", ""},
}
