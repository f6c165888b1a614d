"""Messages on their way out: one transport, behind it apprise's services, mail and the console.

    transport.py   what every transport promises           router.py   which transport a channel has
    apprise.py     the services, each in its deadline      console.py  console://        fake.py   for tests
    library.py     apprise, loaded when it is needed       memory.py   what its plugins note from message to message
    plugins.py     apprise's plugins, tamed
    schemas.py     which URLs are taken                    urls.py, options.py   a URL as a text, and its options
    judging.py     what is wrong with a channel            understanding.py, kept.py   whether a URL was understood
    limits.py      what each service takes                 text.py, compose.py   words cut and defused for it
    pace.py        how fast each service is sent to        scrub.py    texts from outside without secrets
    http/, mail/   the seams under apprise

Import from the modules: `reminder.notify.apprise` alone loads `requests`, and apprise itself comes with the first URL.
"""
