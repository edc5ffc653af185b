"""What leaves a case: DICOM objects for the hospital, tables and volumes for research."""
