"""The world to bytes to listings: the only package that knows httpx, Playwright, BeautifulSoup and boto3."""
