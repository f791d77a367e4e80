"""The columns of AWS's price list in CSV, and the names that the JSON has for the same attributes.

The header of AmazonEC2 is that of the global file of 2025-09-12 (github.com/jtdelia/ec2-priceit @ae128cc0). That of
AmazonSageMaker is known from a loader that spells the names in snake case (list version 20260508220240,
github.com/timfanda35/aws-pricing-list-loader @e363e3d8); its spelling here follows AmazonEC2's.
"""

from __future__ import annotations

EC2 = tuple(
    """
SKU;OfferTermCode;RateCode;TermType;PriceDescription;EffectiveDate;StartingRange;EndingRange;Unit;PricePerUnit;
Currency;RelatedTo;LeaseContractLength;PurchaseOption;OfferingClass;Product Family;serviceCode;Location;
Location Type;Instance Type;Current Generation;Instance Family;vCPU;Physical Processor;Clock Speed;Memory;
Storage;Network Performance;Processor Architecture;Storage Media;Volume Type;Max Volume Size;Max IOPS/volume;
Max IOPS Burst Performance;Max throughput/volume;Provisioned;Tenancy;EBS Optimized;Operating System;
License Model;Group;Group Description;Transfer Type;From Location;From Location Type;To Location;
To Location Type;usageType;operation;AvailabilityZone;CapacityStatus;ClassicNetworkingSupport;
Dedicated EBS Throughput;ECU;Elastic Graphics Type;Enhanced Networking Supported;From Region Code;GPU;
GPU Memory;Instance;Instance Capacity - 10xlarge;Instance Capacity - 12xlarge;Instance Capacity - 16xlarge;
Instance Capacity - 18xlarge;Instance Capacity - 24xlarge;Instance Capacity - 2xlarge;
Instance Capacity - 32xlarge;Instance Capacity - 4xlarge;Instance Capacity - 8xlarge;
Instance Capacity - 9xlarge;Instance Capacity - large;Instance Capacity - medium;Instance Capacity - metal;
Instance Capacity - xlarge;instanceSKU;Intel AVX2 Available;Intel AVX Available;Intel Turbo Available;
MarketOption;Normalization Size Factor;Physical Cores;Pre Installed S/W;Processor Features;Product Type;
Region Code;Resource Type;serviceName;SnapshotArchiveFeeType;To Region Code;Volume API Name;VPCNetworkingSupport
""".replace("\n", "").split(";")
)

SAGEMAKER = tuple(
    """
SKU;OfferTermCode;RateCode;TermType;PriceDescription;EffectiveDate;StartingRange;EndingRange;Unit;PricePerUnit;
Currency;RelatedTo;Product Family;serviceCode;Location;Location Type;Instance Type;Current Generation;
Clock Speed;Memory;Storage;Network Performance;Processor Architecture;Volume Type;Max throughput/volume;Group;
Group Description;usageType;operation;Automatic Label;Component;Compute Type;Data Store Storage Type;GPU;
GPU Memory;Instance Name;Integration Type;Labeling Task Type;Memory GB;Partner App Resource Name;
Partner App Resource Service;Partner App Resource Type;Partner App Tier;Partner App Type;Physical CPU;
Physical GPU;Plato Classification Type;Plato Instance Name;Plato Instance Type;Region Code;serviceName;
Storage Type;Tracking Server Size;Unified Studio Compute;vCPU;Workforce Type
""".replace("\n", "").split(";")
)

ATTRIBUTES = {
    "servicecode": "serviceCode",
    "location": "Location",
    "locationType": "Location Type",
    "instanceType": "Instance Type",
    "currentGeneration": "Current Generation",
    "instanceFamily": "Instance Family",
    "memory": "Memory",
    "tenancy": "Tenancy",
    "operatingSystem": "Operating System",
    "licenseModel": "License Model",
    "group": "Group",
    "groupDescription": "Group Description",
    "usagetype": "usageType",
    "operation": "operation",
    "availabilityzone": "AvailabilityZone",
    "capacitystatus": "CapacityStatus",
    "component": "Component",
    "gpu": "GPU",
    "gpuMemory": "GPU Memory",
    "instanceName": "Instance Name",
    "instancesku": "instanceSKU",
    "marketoption": "MarketOption",
    "platoinstancename": "Plato Instance Name",
    "platoinstancetype": "Plato Instance Type",
    "preInstalledSw": "Pre Installed S/W",
    "regionCode": "Region Code",
    "servicename": "serviceName",
}
"""Name of an attribute in the JSON, and of its column in the CSV."""
