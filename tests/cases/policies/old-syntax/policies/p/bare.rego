package bare

deny { input.change.draft }
