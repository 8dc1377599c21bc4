package sessionbus

// Waiting is how many have asked for an attempt that hasn't begun.
func (l *Link) Waiting() int { return len(l.kick) }
