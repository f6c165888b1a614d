"""Web Push: messages to browsers, encrypted here for the one browser that can read them.

    browser.py   where a browser is reached     hosts.py     whose push services are asked
    encrypt.py   RFC 8291                       vapid.py     RFC 8292: who we are
    payload.py   what our service worker shows  post.py      one request, and what its answer means
    settings.py  our key, our contact, more hosts

`cryptography` is loaded when the first message goes out, or the first browser asks for our key.
"""
