"""The dashboard: everything that knows Streamlit. It arranges what the lower floors compute."""
