"""Pictures of annotated frames and clips, with marks, scale bar and caption in the pixels."""
