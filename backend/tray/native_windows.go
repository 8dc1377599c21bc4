package tray

func (t *Tray) prepare() {}

func (t *Tray) ready() {}
