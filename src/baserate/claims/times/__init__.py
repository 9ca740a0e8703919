"""Which days a sentence names, as news writes them."""
