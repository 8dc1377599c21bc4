package expiry

// AwaitAnswers waits until Kite is being asked nothing.
func (w *Watch) AwaitAnswers() { w.questions.Wait() }
