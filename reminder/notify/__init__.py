"""Messages on their way out: one transport, behind it apprise's services, mail and the console.

    transport.py   what every transport promises        router.py    which transport a channel has
    apprise.py     the services, each in its deadline   console.py   console://        fake.py   for tests
    plugins.py     apprise's plugins, tamed             schemas.py   which URLs are taken
    http.py        the seam under `requests`            quick.py     the short way for simple calls
    wire.py        connections that are kept            answers.py   what an answer means
    smtp.py        the seam for mail                    mailroom.py  connections to mail servers that are kept
    limits.py      what each service takes              mail.py      a message as a mail
    pace.py        how fast each service is sent to     text.py, compose.py   words cut and defused for it
    attempt.py     one attempt's deadline               watch.py, workers.py  threads that may hang
    scrub.py       texts from outside without secrets   tls.py       authorities, read once

Import from the modules: `reminder.notify.apprise` alone loads `requests`, and apprise itself comes with the first URL.
"""
