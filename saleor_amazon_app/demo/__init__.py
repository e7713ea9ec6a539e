"""The demo: the real program on embedded defaults, between a simulated Amazon and Saleor."""

from saleor_amazon_app.demo.show import Demo

__all__ = ["Demo"]
