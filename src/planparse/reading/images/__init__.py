"""Pages as images: within limits, and made ready for OCR."""
