print("nabat")
