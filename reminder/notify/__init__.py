"""Messages on their way out: one transport, behind it apprise's services, mail and the console.

    transport.py   what every transport promises        router.py    which transport a channel has
    apprise.py     the services, each in its deadline   console.py   console://        fake.py   for tests
    plugins.py     apprise's plugins, tamed             memory.py    what they note from message to message
    schemas.py     which URLs are taken                 urls.py      a URL as a text, cut up
    options.py     options that nobody knows            understanding.py   whether a URL was understood as a whole
    judging.py     what is wrong with a channel         unusable.py  the error for it
    http.py        the seam under `requests`            quick.py     the short way for simple calls
    wire.py        connections that are kept            answers.py   what an answer means
    smtp.py        the seam for mail                    mailroom.py  connections to mail servers that are kept
    mailbox.py     what a mail URL says                 mail.py      a message as a mail
    limits.py      what each service takes              text.py, compose.py   words cut and defused for it
    pace.py        how fast each service is sent to     tls.py       authorities, read once
    attempt.py     one attempt's deadline               watch.py, workers.py  threads that may hang
    scrub.py       texts from outside without secrets

Import from the modules: `reminder.notify.apprise` alone loads `requests`, and apprise itself comes with the first URL.
"""
