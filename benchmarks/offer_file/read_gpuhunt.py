"""Reads a CSV offer file with gpuhunt's own reader, without its calls to AWS's API. Prints its prices with GPUs."""

from __future__ import annotations

import json
import sys

from gpuhunt.providers.aws import AWSProvider


def main() -> None:
    """Read the file that is named; all that needs an AWS account is left out."""
    AWSProvider._fill_gpu_details = lambda _self, _offers: None  # noqa: SLF001  # asks the EC2 API
    AWSProvider._with_spot_offers = lambda _self, offers: offers  # noqa: SLF001  # asks the EC2 API
    offers = AWSProvider(cache_path=sys.argv[1]).get()
    print(json.dumps(sorted((x.instance_name, x.location, f"{x.price:.10f}") for x in offers if x.gpu_count)))


if __name__ == "__main__":
    main()
