"""What people see (Streamlit); each folder is a page and its parts."""
