"""What the API needs besides its routes: connections, files of the page, pictures, names, its description."""
