"""The portal: what citizens see and do, in Arabic at `/` and in English at `/en/`."""
