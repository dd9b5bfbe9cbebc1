package registry

// CheckSubscription is Subscription.check for the fuzzer.
func CheckSubscription(s Subscription) (Subscription, error) {
	err := s.check()
	return s, err
}
