"""``python -m saleor_amazon_app`` is the command ``saleor-amazon``."""

from saleor_amazon_app.cli import main

main()
