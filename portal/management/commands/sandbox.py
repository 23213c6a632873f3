"""Run the stand-in GitLab and Salesforce on loopback until interrupted."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.sandbox.__main__ import add_arguments, read_options, run_sandbox


class Command(BaseCommand):
    help = "Serve a stand-in GitLab and Salesforce on 127.0.0.1; prints their addresses as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        run_sandbox(read_options(argparse.Namespace(**options)))
