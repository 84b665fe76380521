.PHONY: help
help:
	@echo "make run | test | test-full | bench | lint | dev"
