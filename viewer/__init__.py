"""What is shown: pages, the browser player, HTTP routes. The only package that knows Streamlit."""
