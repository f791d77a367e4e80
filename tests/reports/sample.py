# ruff: noqa: RUF001  # the prose has the signs that real prose has
"""A report in the deliverable's form with made-up providers and prices, and a small one for text snapshots."""

from dataclasses import replace

from reports.records import (
    Block,
    Bullets,
    Column,
    Heading,
    Line,
    Mark,
    Paragraph,
    Receipt,
    Report,
    Section,
    Span,
    Table,
)

SHA256 = "0123456789abcdef" * 4


def plain(text: str) -> Line:
    """Make a line of one plain span."""
    return (Span(text),)


def receipt(number: int) -> Receipt:
    """Make a receipt whose every field is told apart by its number."""
    return Receipt(
        number=number,
        source="Examplecloud pricing" if number % 2 else "Otherhost price list, us-artificial-1",
        source_id="examplecloud-pricing" if number % 2 else "otherhost-list",
        url="https://examplecloud.example/pricing"
        if number % 2
        else "https://otherhost.example/offers/v1.0/index.csv?region=us-artificial-1",
        retrieved="2031-02-03" if number % 3 else "2031-02-03 04:05 UTC",
        age=f"{number} days before this report",
        obtained="reconstructed" if number % 2 else "imported",
        sha256=f"{number:04x}" + SHA256[4:],
        locator=f"/gpus/{number}/price" if number % 2 else f"row {4000 + number}, PricePerUnit",
        quote=f"$0.000{number}"
        if number % 2
        else f'"SKU{number}","OnDemand","Hrs","{number}.2200000000","USD","x{number}.8xlarge"',
        subject=f"Examplecloud Serverless flex, GPU-{number} Ada PRO"
        if number % 2
        else f"Otherhost x{number}.8xlarge, Linux on-demand",
        derivation=f"0.000{number} USD per second x 3600 / 1 GPU"
        if number % 2
        else f"{number}.22 USD per hour / 8 GPUs",
    )


def small() -> Report:
    """Make the smallest report that has one of everything."""
    return Report(
        title="Examplecloud vs Otherhost GPU Comparison",
        client="Example Client",
        client_link="client-example",
        publish=True,
        language="en",
        author="Example Consulting",
        date="2031-02-10",
        data_as_of="2031-02-03 04:05 UTC",
        answer="Examplecloud is cheaper for every GPU that both sell, by 11 to 22 percent.",
        notices=("Every figure is made up.", "The source otherhost-list is stale: 40 days old."),
        sections=(
            Section(
                1,
                "executive-summary",
                "Executive Summary",
                (
                    Bullets(
                        (
                            (
                                Span("Serverless: ", bold=True),
                                Span("$1.11/hr", receipts=(1,)),
                                Span(" against "),
                                Span("$2.22/hr", receipts=(2,)),
                            ),
                            (Span("Cold start ~5 minutes, 95th percentile <2.3 seconds, R&D in snake_case"),),
                        )
                    ),
                    Paragraph(
                        (
                            Span("Requests fail with "),
                            Span("NoCapacityFailures", code=True),
                            Span(" ("),
                            Span("Example Docs", url="https://docs.example/zero"),
                            Span(")."),
                        )
                    ),
                ),
            ),
            Section(
                2,
                "prices",
                "Prices",
                (
                    Heading("On demand"),
                    Table(
                        "USD per GPU-hour, on demand, 2031-02-03",
                        (
                            Column("GPU"),
                            Column("Examplecloud", figures=True),
                            Column("Otherhost", figures=True),
                            Column("Single GPU"),
                        ),
                        (
                            (
                                plain("GPU-1 (24 GB)"),
                                (Span("$1.11", receipts=(1,)),),
                                (Span("$2.22", receipts=(1, 2)),),
                                (Span("x1.xlarge", mark=Mark.YES, code=True),),
                            ),
                            (
                                plain("GPU-10 (141 GB)"),
                                (Span("$10.11"),),
                                plain("not sold"),
                                (Span("8x only", mark=Mark.NO),),
                            ),
                            (
                                plain("GPU-2"),
                                (Span("+3.3%", mark=Mark.UP, bold=True),),
                                (Span("-3.3%", mark=Mark.DOWN),),
                                (Span("preview", mark=Mark.LIMITED),),
                            ),
                        ),
                    ),
                    Bullets((plain("Provision the instance"), plain("Load the model")), ordered=True),
                ),
            ),
        ),
        receipts=(receipt(1), receipt(2)),
        related_issue="example/deliverables#9",
        generator="ratecard 0.0.0",
    )


GPUS = (
    "GPU-1 (24 GB)",
    "GPU-2 SXM (48 GB)",
    "GPU-3 PCIe (80 GB)",
    "GPU-4 SXM (80 GB)",
    "GPU-5 (141 GB)",
    "GPU-6 (180 GB)",
)


def large() -> Report:
    """Make a report of some twelve pages: eleven sections, wide tables, sixty receipts."""
    numbers = iter(range(1, 61))

    def price(index: int, column: int) -> Line:
        return (Span(f"${index + 1}.{column}{column}/hr", receipts=(next(numbers),)),)

    def price_table(caption: str) -> Table:
        columns = (
            Column("GPU"),
            Column("Memory, GiB", figures=True),
            Column("Examplecloud Serverless", figures=True),
            Column("Otherhost Real-Time", figures=True),
            Column("Delta", figures=True),
            Column("Otherhost instance"),
            Column("Source"),
        )
        rows = tuple(
            (
                (Span(gpu, bold=True),),
                plain(str(24 * (index + 1))),
                price(index, 1),
                price(index, 2) if index != 4 else (Span("not sold", mark=Mark.NO),),
                (Span(f"+{11 * (index + 1)}% Otherhost"),) if index != 4 else plain("not comparable"),
                (Span(f"ml.x{index + 1}.8xlarge", code=True), Span(", one of 8")),
                (
                    Span("Examplecloud", url="https://examplecloud.example/pricing"),
                    Span(", "),
                    Span("Otherhost", url="https://otherhost.example/pricing"),
                ),
            )
            for index, gpu in enumerate(GPUS)
        )
        return Table(caption, columns, rows)

    def availability(index: int) -> Line:
        return (
            (Span("Single", mark=Mark.YES),),
            (Span("8x only", mark=Mark.NO), Span(" ("), Span(f"x{index}.48xlarge", code=True), Span(")")),
            (Span("preview in 1 region", mark=Mark.LIMITED),),
        )[index % 3]

    words = (
        "When scaling from 0 → 1 instances, Otherhost provisions infrastructure from scratch; Examplecloud keeps a "
        "pool of warm machines and restores a snapshot. The measured times are the vendors’ own and were not repeated "
        "for this report – “about 5 minutes” is what the page says, and a range is printed as a range."
    )
    blocks: list[tuple[str, tuple[Block, ...]]] = [
        (
            "Executive Summary",
            (
                Bullets(
                    (
                        (
                            Span("Serverless: ", bold=True),
                            Span("$1.11/hr", receipts=(next(numbers),)),
                            Span(" at Examplecloud against "),
                            Span("$2.22/hr", receipts=(next(numbers),)),
                            Span(" at Otherhost for the same GPU-2, "),
                            Span("+100% Otherhost", bold=True),
                            Span("."),
                        ),
                        (
                            Span("Cold start: ", bold=True),
                            Span("~500 ms", receipts=(next(numbers),)),
                            Span(" against "),
                            Span("~5 minutes", receipts=(next(numbers), next(numbers))),
                            Span(" when scaling from zero."),
                        ),
                        plain(
                            "All figures are list prices without tax; committed and negotiated prices are not compared."
                        ),
                    )
                ),
                Paragraph(plain(words)),
            ),
        ),
        (
            "Product Category Mapping",
            (
                Bullets(
                    (
                        (
                            Span("Examplecloud Serverless", bold=True),
                            Span(" ↔ "),
                            Span("Otherhost Real-Time", bold=True),
                            Span(": managed services that scale to zero"),
                        ),
                        (
                            Span("Examplecloud Pod", bold=True),
                            Span(" ↔ "),
                            Span("Otherhost instances", bold=True),
                            Span(": always on, billed by the hour"),
                        ),
                    )
                ),
            ),
        ),
        (
            "Otherhost Products Eliminated from Comparison",
            (
                Table(
                    "Products that are not compared, and why",
                    (Column("Product"), Column("Reason for elimination"), Column("Source")),
                    tuple(
                        (
                            (Span(f"Otherhost Product {number}", bold=True),),
                            plain(
                                "No GPU support: the architecture is based on a runtime that lacks GPU capability, "
                                "as its own documentation says"
                            ),
                            (Span("Otherhost Docs", url=f"https://docs.otherhost.example/{number}/limits.html"),),
                        )
                        for number in (1, 2, 3)
                    ),
                ),
            ),
        ),
        (
            "Scale-to-Zero Comparison",
            (
                Heading("Cold start breakdown"),
                Paragraph(plain("Per the official documentation, when scaling from zero:")),
                Bullets(
                    (
                        plain("Trigger the scaling policy: ~1 minute"),
                        plain("Provision the instance: ~1.75 minutes"),
                        (Span("Total: ~5.03 minutes", bold=True),),
                    )
                ),
            ),
        ),
        (
            "Single-GPU Availability",
            (
                Table(
                    "Whether one GPU can be rented alone, 2031-02-03",
                    (
                        Column("GPU"),
                        Column("Examplecloud"),
                        Column("Otherhost Inference"),
                        Column("Otherhost instances"),
                    ),
                    tuple(
                        (plain(gpu), (Span("Single", mark=Mark.YES),), availability(index), availability(index + 1))
                        for index, gpu in enumerate(GPUS)
                    ),
                ),
            ),
        ),
        (
            "Serverless Pricing Comparison (Scale-to-Zero)",
            (
                price_table("USD per GPU-hour, serverless, us-artificial-1, 2031-02-03"),
                Paragraph(
                    (
                        Span("Delta: ", bold=True),
                        Span(
                            "(Otherhost − Examplecloud) ÷ Examplecloud, e.g. 2.22 against 1.11 reads +100 %. "
                            "Prices ≤ $0.01 are refused; 8 × one GPU is never compared with one."
                        ),
                    )
                ),
            ),
        ),
        (
            "Always-On Pricing Comparison (Pod vs Instance)",
            (
                price_table("USD per GPU-hour, on demand, us-artificial-1, 2031-02-03"),
                price_table("USD per GPU-hour, spot, us-artificial-1, 2031-02-03"),
            ),
        ),
        (
            "Cold Start Architecture",
            (
                Heading("Otherhost Real-Time (5–6 minute cold start)"),
                Paragraph(plain(words)),
                Bullets(
                    (
                        plain(
                            "Instance provisioning (~1–2 min): request the GPU instance, boot, initialize networking"
                        ),
                        plain("Container initialization (~1 min): pull and load the container"),
                        plain("Model loading (~2–3 min): download 10–100+ GB of weights, load into GPU memory"),
                    ),
                    ordered=True,
                ),
                Heading("Examplecloud FastStart (500 ms cold start)"),
                Paragraph(plain(words)),
            ),
        ),
        (
            "GPU Generation Availability Summary",
            (
                Table(
                    "",
                    (
                        Column("Generation"),
                        Column("Examplecloud Serverless"),
                        Column("Otherhost Inference"),
                        Column("Otherhost instances"),
                    ),
                    tuple(
                        (
                            (Span(gpu, bold=True),),
                            (Span(f"${index}.33/hr", mark=Mark.YES, receipts=(next(numbers),)),),
                            availability(index + 1),
                            availability(index + 2),
                        )
                        for index, gpu in enumerate(GPUS)
                    ),
                ),
            ),
        ),
        (
            "What Changed since the Last Report",
            (
                Table(
                    "Price changes, 2031-01-03 to 2031-02-03",
                    (
                        Column("Offer"),
                        Column("Before", figures=True),
                        Column("After", figures=True),
                        Column("Change", figures=True),
                        Column("Note"),
                    ),
                    tuple(
                        (
                            plain(f"Examplecloud {gpu}, secure"),
                            (Span(f"{index}.29", receipts=(next(numbers),)),),
                            (Span(f"{index}.99", receipts=(next(numbers),)),),
                            (Span(f"+{index}.3 %", mark=Mark.UP),)
                            if index % 2
                            else (Span(f"−{index}.3 %", mark=Mark.DOWN),),
                            plain("€ price unchanged …"),
                        )
                        for index, gpu in enumerate(GPUS, 1)
                    ),
                ),
            ),
        ),
        (
            "Source References",
            (
                Heading("Otherhost documentation"),
                Bullets(
                    tuple(
                        (
                            Span(
                                f"Otherhost page {number}",
                                url=f"https://docs.otherhost.example/latest/guide/page-{number}.html",
                            ),
                        )
                        for number in range(1, 7)
                    )
                ),
                Heading("Examplecloud documentation"),
                Bullets(
                    tuple(
                        (Span(f"Examplecloud page {number}", url=f"https://docs.examplecloud.example/page-{number}"),)
                        for number in range(1, 5)
                    )
                ),
            ),
        ),
    ]
    sections = tuple(
        Section(number, title.lower().replace(" ", "-").replace("(", "").replace(")", ""), title, content)
        for number, (title, content) in enumerate(blocks, 1)
    )
    used = next(numbers) - 1
    filler = Bullets(
        tuple((Span(f"Spot quote {number}: ${number}.44", receipts=(number,)),) for number in range(used + 1, 61))
    )
    sections = (*sections[:-1], replace(sections[-1], blocks=(*sections[-1].blocks, filler)))
    return replace(small(), sections=sections, receipts=tuple(receipt(number) for number in range(1, 61)))
