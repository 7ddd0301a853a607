package api

func Open() int { return 1 }

func hidden() int { return 2 }
