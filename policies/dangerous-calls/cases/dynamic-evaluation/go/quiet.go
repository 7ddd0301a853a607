package main

func load(path string) {
	plugin.Open("auth.so")
	os.Open(path)
	redis.Eval(path)
}

func later(script string) {
	vm.Run(script)
	suite.Run(script)
}
