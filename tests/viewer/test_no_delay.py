"""Small answers leave at once."""

import socket

from viewer.no_delay import send_small_answers_at_once


def test_connections_to_a_socket_bound_without_naming_tcp_have_no_nagle() -> None:
    with socket.socket(socket.AF_INET) as listener:  # as Streamlit binds it: the protocol is left at 0
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert send_small_answers_at_once() >= 1
        with socket.create_connection(listener.getsockname()) as _client:
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_socket_that_is_not_bound_is_left_alone() -> None:
    with socket.socket(socket.AF_INET) as idle:
        send_small_answers_at_once()
        assert not idle.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
