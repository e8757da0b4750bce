# `make demo` and `make test` install what is missing, then work; run again, they start at once.

SAMPLE := quang-ngai-cchc-2024
SCAN := $(SAMPLE)-200dpi
PLANPARSE := .venv/bin/planparse

.PHONY: demo test setup

demo: setup
	@mkdir -p out
	@$(PLANPARSE) parse samples/$(SAMPLE).txt -o out/$(SAMPLE).json
	@$(PLANPARSE) show out/$(SAMPLE).json
	@echo "Reading the scan samples/$(SCAN).pdf …"
	@$(PLANPARSE) parse samples/$(SCAN).pdf -o out/$(SCAN).json
	@$(PLANPARSE) show out/$(SCAN).json
	@echo "Written: out/$(SAMPLE).json out/$(SCAN).json"

test: setup
	@bash scripts/check

setup:
	@bash scripts/setup
