"""Draws figures as SVG and gives their data as rows. It computes no cost and knows no page and no file format."""
