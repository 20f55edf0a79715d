"""A page of a browser in tests: it waits for what is asked of it as long as a busy computer may need."""

PATIENCE = 400_000  # milliseconds: this ends what hangs; how fast a computer is, is not tested


def patient(page):
    """The same page, which waits that long for whatever it looks for, as `expect` does."""
    from playwright.sync_api import expect

    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    return page
