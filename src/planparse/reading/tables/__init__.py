"""Tables: ruling lines or white gutters → the boxes of cells; the cells of an image read one by one."""
