package replicas

deny_none contains "none" if input.files[_].document.replicas == 0
