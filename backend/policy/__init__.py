"""The numbers of the plan with their sources, the service center's calendar, and who may do what."""
