"""Tianshui: a scenario laboratory for one prefecture's development plan, household by household."""
