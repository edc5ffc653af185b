"""What leaves a case without saying whose it is: DICOM PS3.15 Annex E, and a check of what was written."""
