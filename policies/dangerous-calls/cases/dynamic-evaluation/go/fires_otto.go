package main

import "github.com/robertkrimen/otto"

func later(vm *otto.Otto, script string) {
	vm.Run(script) // fires
	vm.Run("1 + 1")
}
