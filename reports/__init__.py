"""Offers to words and pictures: the only package that knows Jinja2 and WeasyPrint."""
