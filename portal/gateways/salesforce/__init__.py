"""Salesforce, through simple-salesforce. Nothing but this package imports `simple_salesforce`."""

from portal.gateways.salesforce.credentials import ClientCredentials, JwtBearer
from portal.gateways.salesforce.fields import FieldNames
from portal.gateways.salesforce.gateway import SalesforceGateway

__all__ = ["ClientCredentials", "FieldNames", "JwtBearer", "SalesforceGateway"]
