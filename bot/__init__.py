"""Robowire: news alerts about robotics, physical AI and the investors behind them."""

__version__ = "0.1.0"
