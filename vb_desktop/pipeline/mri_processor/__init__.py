"""MRI-Processor (Eq. 1): brain extraction, bias field correction, registration to the template, and the way back."""
