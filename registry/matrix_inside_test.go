package registry

// Forgetting is the view without what the registry remembers of texts.
func (v ProjectView) Forgetting() ProjectView {
	v.memory = nil
	return v
}
