"""The stand-in for Salesforce: sign-in, SOQL queries, records, descriptions, one record page."""
